/** The part of a name before the slash, and the environment after it; none means the default one. */
export type Named = { readonly base: string; readonly environment?: string };

/** `support-agent` or `support-agent/staging`; the same rule holds for services, flags and kill switches. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}(\/[a-z0-9][a-z0-9-]{0,31})?$/;
/** Also the alphabet of what may be filled into a metrics query, so a version never needs quoting. */
const VERSION = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,62}$/;
/** OpenFeature's providers do not encode keys, so a flag key keeps to what a path may hold. */
const FLAG_KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(\/[a-z0-9][a-z0-9-]{0,31})?$/;

export const isName = (text: string) => NAME.test(text);
export const isVersion = (text: string) => VERSION.test(text);

/** A flag may not take the keys under which agents ask for kills and versions. */
export function isFlagKey(text: string): boolean {
  const { base } = splitName(text);
  return FLAG_KEY.test(text) && !base.startsWith('kill.') && !base.endsWith('.version');
}

/** `kill` and `global` would make a service's key collide with the kill switches'. */
export const isServiceName = (text: string) =>
  isName(text) && !['kill', 'global'].includes(splitName(text).base);

export function splitName(name: string): Named {
  const slash = name.indexOf('/');
  return slash < 0
    ? { base: name }
    : { base: name.slice(0, slash), environment: name.slice(slash + 1) };
}

export const GLOBAL_SWITCH = 'global';
export const isGlobalSwitch = (name: string) => splitName(name).base === GLOBAL_SWITCH;
