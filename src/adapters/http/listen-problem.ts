/** Why a port could not be opened, in words, with the variable that names another one. */
export function listenProblem(error: unknown): string {
  const { code, port, message } = asListenError(error);
  if (code === 'EADDRINUSE')
    return `port ${port} is in use by another program; stop that one, or choose another port with PORT, AGENT_PORT or SANDBOX_PORT`;
  if (code === 'EACCES')
    return `port ${port} may not be opened by this user; choose one above 1023 with PORT, AGENT_PORT or SANDBOX_PORT`;
  if (code === 'EADDRNOTAVAIL') return 'HOST is no address of this machine';
  return message;
}

type ListenError = { readonly code?: string; readonly port?: number; readonly message: string };

function asListenError(error: unknown): ListenError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, port } = error as Error & { readonly code?: string; readonly port?: number };
  const { message } = error;
  return { message, ...(code !== undefined && { code }), ...(port !== undefined && { port }) };
}
