/** Starts the page, and is the only one here who looks at the clock. */
import { render } from 'preact';
import { App } from './app.ts';
import { html } from './html.ts';

const root = document.getElementById('root');
if (root) render(html`<${App} nowMs=${() => Date.now()} />`, root);
