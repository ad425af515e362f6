/** The agents' thread as it always begins, and how long its event loop was held up. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { BroadcastChannel } from 'node:worker_threads';

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const channel = new BroadcastChannel('stalls');
channel.onmessage = ({ data }) => {
  if (data === 'reset') delay.reset();
  if (data === 'report')
    channel.postMessage({ stallMs: delay.max / 1e6, stallP99Ms: delay.percentile(99) / 1e6 });
};
await import('#agents-thread.ts');
