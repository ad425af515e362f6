import type { IncomingMessage } from 'node:http';

const LOOPBACK_ADDRESS = /^(::ffff:)?127\.|^::1$/;
const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Does the request come from a program on this machine? A web page somewhere else can make a
 * browser on this machine send requests too; its Origin, or a name that was bound anew to this
 * address, gives it away.
 */
export function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  return (
    LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') &&
    LOOPBACK_HOST.test(headers.host ?? '') &&
    (headers.origin === undefined || LOOPBACK_ORIGIN.test(headers.origin))
  );
}
