import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const IGNORED = ['node_modules/**', 'data/**'];
/** With folders, since a link may lead to one. */
const KNOWN = new Set(globSync('**/*', { exclude: IGNORED }));
const PAGES = [...KNOWN].filter((path) => path.endsWith('.md')).toSorted();

/** Code shows links as they are written, and leads nowhere. */
const withoutCode = (markdown: string) =>
  markdown.replace(/^ *```[\s\S]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');

const linksIn = (markdown: string) =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)[^)]*\)|\b(?:src|href)="([^"]+)"/g)]
    .map(([, link, attribute]) => link ?? attribute ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));

/** As GitHub names the place of a heading. */
const anchorsIn = (markdown: string) =>
  [...withoutCode(markdown).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('there are pages, and links between them', () => {
  expect(PAGES).toContain('README.md');
  expect(linksIn(readFileSync('README.md', 'utf8')).length).toBeGreaterThan(10);
});

describe('every relative link leads to something that is there', () => {
  test.each(PAGES)('%s', (page) => {
    const broken = linksIn(readFileSync(page, 'utf8')).filter((link) => {
      const [path = '', anchor] = decodeURI(link).split('#');
      const target = path === '' ? page : join(dirname(page), path).replace(/\/$/, '');
      if (!KNOWN.has(target)) return true;
      return anchor !== undefined && !anchorsIn(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});
