/** The page's own files, with the types stripped from its TypeScript, and the two libraries. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { findPackageJSON, stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Exchange, Route } from '#sandbox/slack/http/exchange.ts';

const PAGE_FOLDER = fileURLToPath(new URL('../../page/', import.meta.url));

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
};

/** Nothing else of node_modules is served. */
const VENDOR: Readonly<Record<string, readonly [library: string, file: string]>> = {
  '/vendor/preact.js': ['preact', 'dist/preact.mjs'],
  '/vendor/preact-hooks.js': ['preact', 'hooks/dist/hooks.mjs'],
  '/vendor/htm.js': ['htm', 'dist/htm.module.js'],
};

export const PAGE_FILES: readonly Route[] = [
  { method: 'GET', path: '/', handle: sendIndex },
  { method: 'GET', path: '/page/', handle: sendPageFile },
  { method: 'GET', path: '/vendor/', handle: sendVendorFile },
  {
    method: 'GET',
    path: '/favicon.ico',
    handle: ({ response }) => void response.writeHead(204).end(),
  },
];

async function sendIndex(exchange: Exchange): Promise<void> {
  const html = await readFile(join(PAGE_FOLDER, 'index.html'), 'utf8').catch(() => undefined);
  if (html === undefined) return sendMissing(exchange);
  exchange.response.setHeader('content-security-policy', policyFor(html));
  send(exchange, '.html', html);
}

/** Scripts come from this server, and inline only the ones that stand in the page as we wrote it. */
function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>(.*?)<\/script>/gs)];
  const hashes = inline.map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'self'",
    `script-src 'self' ${hashes.join(' ')}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

/** No path climbs out: the URL parser has resolved each `..`, and nothing is decoded after it. */
async function sendPageFile(exchange: Exchange): Promise<void> {
  const path = exchange.url.pathname.slice('/page/'.length);
  const extension = extname(path);
  const isOurs = Object.hasOwn(CONTENT_TYPES, extension);
  const file = isOurs && (await readFile(join(PAGE_FOLDER, path)).catch(() => undefined));
  if (!file) return sendMissing(exchange);
  const isTyped = extension === '.ts';
  send(exchange, extension, isTyped ? stripTypeScriptTypes(file.toString('utf8')) : file);
}

async function sendVendorFile(exchange: Exchange): Promise<void> {
  const { pathname } = exchange.url;
  const listed = Object.hasOwn(VENDOR, pathname) ? VENDOR[pathname] : undefined;
  const [library = '', path = ''] = listed ?? [];
  const folder = listed && findPackageJSON(library, import.meta.url);
  if (!folder) return sendMissing(exchange);
  send(exchange, '.js', await readFile(new URL(path, `file://${folder}`)));
}

function send({ response }: Exchange, extension: string, content: string | Buffer): void {
  response.writeHead(200, {
    'content-type': CONTENT_TYPES[extension] ?? 'application/octet-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(content);
}

function sendMissing({ response }: Exchange): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found\n');
}
