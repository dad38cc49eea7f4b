import { ask } from '../harness/ask.js';
import { serverRunner } from '../harness/choose.js';
import { onFileEnd } from '../harness/cleanup.js';

/** A media server. */
export interface TestLiveKit {
  /** As in LIVEKIT_URL. */
  readonly url: string;
  /** As in LIVEKIT_API_KEY and LIVEKIT_API_SECRET. */
  readonly apiKey: string;
  readonly apiSecret: string;
  /** As in LIVEKIT_WEBHOOK_KEY and LIVEKIT_WEBHOOK_SECRET. */
  readonly webhookKey: string;
  readonly webhookSecret: string;
  /** Ends one that was started for this spec alone; the shared one stays. */
  stop(): Promise<void>;
}

/** What a spec may ask for. */
export interface TestLiveKitOptions {
  /** Where webhooks go. Gives the spec a server of its own. */
  readonly webhookUrl?: string;
  /** A server of its own, for specs that stop it. */
  readonly own?: boolean;
}

/** The run's LiveKit, where a spec makes rooms with names of its own; or one for this spec alone. */
export async function testLiveKit(options: TestLiveKitOptions = {}): Promise<TestLiveKit> {
  let stop = async (): Promise<void> => {};
  let facts;
  if (options.own || options.webhookUrl) {
    const runner = await serverRunner();
    const started = await runner.livekit(options.webhookUrl ? { webhookUrl: options.webhookUrl } : {});
    let stopping: Promise<void> | undefined;
    stop = () => (stopping ??= started.stop());
    onFileEnd(stop);
    facts = started.facts;
  } else facts = await ask('livekit');
  return {
    url: facts.url,
    apiKey: facts.api.key,
    apiSecret: facts.api.secret,
    webhookKey: facts.webhook.key,
    webhookSecret: facts.webhook.secret,
    stop,
  };
}
