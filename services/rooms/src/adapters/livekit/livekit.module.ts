import { Clock } from '@conclave/platform';
import { Module } from '@nestjs/common';
import { configToken, type Config } from '../../config.js';
import { MediaTokens } from '../../media/media-tokens.js';
import { MediaServer } from '../../media/media-server.js';
import { RoomsMetrics } from '../../metrics.js';
import { LiveKitMediaServer } from './livekit-media-server.js';
import { LiveKitMediaTokens } from './livekit-media-tokens.js';

/** The ports to the media server, by LiveKit. */
@Module({
  providers: [
    {
      provide: MediaServer,
      useFactory: (config: Config, metrics: RoomsMetrics, clock: Clock) =>
        new LiveKitMediaServer(
          { url: config.LIVEKIT_URL, apiKey: config.LIVEKIT_API_KEY, apiSecret: config.LIVEKIT_API_SECRET },
          metrics,
          clock,
        ),
      inject: [configToken, RoomsMetrics, Clock],
    },
    {
      provide: MediaTokens,
      useFactory: (config: Config, clock: Clock) =>
        new LiveKitMediaTokens(
          { key: config.LIVEKIT_API_KEY, secret: config.LIVEKIT_API_SECRET },
          [{ key: config.LIVEKIT_WEBHOOK_KEY, secret: config.LIVEKIT_WEBHOOK_SECRET }],
          clock,
        ),
      inject: [configToken, Clock],
    },
  ],
  exports: [MediaServer, MediaTokens],
})
export class LiveKitModule {}
