/** The controls for trouble: a worse candidate, an incident in both arms, Slack away. */
import { useId } from 'preact/hooks';
import type { DemoFaults, DemoSettings, FaultLevel } from '#sandbox/demo-protocol.ts';
import { html } from '../html.ts';

const LEVELS: readonly { readonly level: FaultLevel; readonly words: string }[] = [
  { level: 'none', words: 'Healthy' },
  { level: 'doubled', words: 'Doubled' },
  { level: 'severe', words: 'Severe' },
];

type FaultsProps = {
  readonly faults: DemoFaults;
  readonly hasCandidate: boolean;
  readonly change: (settings: DemoSettings) => void;
};

export function Faults({ faults, hasCandidate, change }: FaultsProps) {
  const set = (part: Partial<DemoFaults>) => change({ faults: part });
  return html`<section class="strip-part" data-tour="faults">
    <h3>Make the candidate worse</h3>
    ${
      !hasCandidate &&
      html`<p class="muted small">There is no candidate yet; this will hit the next one.</p>`
    }
    <${Level} name="Errors" level=${faults.errors} choose=${(errors: FaultLevel) => set({ errors })} />
    <${Level} name="Latency" level=${faults.latency} choose=${(latency: FaultLevel) => set({ latency })} />
    <${Level}
      name="Tool failures"
      level=${faults.toolFailures}
      choose=${(toolFailures: FaultLevel) => set({ toolFailures })}
    />
    <h3>Make trouble for everyone</h3>
    <${Switch}
      words="Incident in both arms"
      detail="The candidate is not to blame."
      isOn=${faults.incident}
      set=${(incident: boolean) => set({ incident })}
    />
    <${Switch}
      words="Slack is down"
      detail="Signalman’s calls get 503."
      isOn=${faults.slackDown}
      set=${(slackDown: boolean) => set({ slackDown })}
    />
  </section>`;
}

type LevelProps = {
  readonly name: string;
  readonly level: FaultLevel;
  readonly choose: (level: FaultLevel) => void;
};

function Level({ name, level, choose }: LevelProps) {
  const group = useId();
  return html`<fieldset class="level">
    <legend>${name}</legend>
    ${LEVELS.map((one) => {
      return html`<label key=${one.level} class="level-${one.level}">
        <input
          type="radio"
          name=${group}
          checked=${one.level === level}
          onChange=${() => choose(one.level)}
        />
        <span>${one.words}</span>
      </label>`;
    })}
  </fieldset>`;
}

type SwitchProps = {
  readonly words: string;
  readonly detail: string;
  readonly isOn: boolean;
  readonly set: (isOn: boolean) => void;
};

function Switch({ words, detail, isOn, set }: SwitchProps) {
  return html`<label class="switch">
    <span>${words}<span class="muted small">${detail}</span></span>
    <input type="checkbox" role="switch" checked=${isOn} onChange=${() => set(!isOn)} />
  </label>`;
}
