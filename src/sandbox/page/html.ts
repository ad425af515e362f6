/** Markup as tagged templates, so that the browser runs these files without a build. */
import htm from 'htm';
import { type ComponentChildren, h, type VNode } from 'preact';

/** htm answers a list for several roots; Preact renders both, so one type is enough here. */
export const html = htm.bind(h) as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

export type Children = ComponentChildren;

/** Joins the class names that apply. */
export function classes(...names: (string | false | undefined | null)[]): string {
  return names.filter(Boolean).join(' ');
}
