import type { Release } from '#domain/release.ts';

export const cardTitle = ({ facts }: Release) =>
  `#${facts.id} ${facts.service}: ${facts.stable} → ${facts.candidate}`;
