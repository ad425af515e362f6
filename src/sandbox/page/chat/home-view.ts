/** The app's Home tab. */
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { Blocks } from '../blocks/block.ts';
import { createForm, type Surface, SurfaceContext } from '../blocks/surface.ts';
import { type Children, html } from '../html.ts';
import { openHome } from '../state/connection.ts';
import { Reader } from '../state/reader.ts';
import type { Workspace } from '../state/workspace.ts';
import { ToRail } from './to-rail.ts';

type HomeViewProps = {
  readonly workspace: Workspace;
  readonly goBack: () => void;
  readonly children: Children;
};

export function HomeView({ workspace: { home, app }, goBack, children }: HomeViewProps) {
  const { me } = useContext(Reader);
  const [failure, setFailure] = useState<string>();
  const viewId = home?.id ?? '';
  const surface = useMemo<Surface>(
    () => ({ as: me.id, in: { viewId }, form: createForm(), errors: {}, tell: setFailure }),
    [me.id, viewId],
  );
  useEffect(() => {
    openHome({ as: me.id });
  }, [me.id]);
  return html`<main class="pane chat">
    <header class="pane-head">
      <${ToRail} go=${goBack} />
      <div class="pane-title">
        <h1>${app.name}</h1>
        <p class="muted topic">Home</p>
      </div>
      ${children}
    </header>
    <div class="home" tabIndex="0" role="region" aria-label="Home of ${app.name}">
      ${failure && html`<p class="failure" role="alert">${failure}</p>`}
      ${
        home
          ? html`<${SurfaceContext.Provider} value=${surface}><${Blocks} blocks=${home.blocks} /></${SurfaceContext.Provider}>`
          : html`<p class="muted empty">${app.name} has not drawn its Home for you yet.</p>`
      }
    </div>
  </main>`;
}
