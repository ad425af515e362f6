/** Light or dark: as the system says, until somebody chooses. */
import { useEffect, useState } from 'preact/hooks';
import { recall, remember } from './remember.ts';

export type Theme = 'light' | 'dark';

export function useTheme() {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const [chosen, setChosen] = useState(() => recall('theme'));
  const [systemTheme, setSystemTheme] = useState<Theme>(system.matches ? 'dark' : 'light');
  useEffect(() => {
    const onChange = () => setSystemTheme(system.matches ? 'dark' : 'light');
    system.addEventListener('change', onChange);
    return () => system.removeEventListener('change', onChange);
  }, []);
  const theme: Theme = chosen === 'dark' || chosen === 'light' ? chosen : systemTheme;
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const toggle = () => {
    const other = theme === 'dark' ? 'light' : 'dark';
    setChosen(other);
    remember('theme', other);
  };
  return { theme, toggle };
}
