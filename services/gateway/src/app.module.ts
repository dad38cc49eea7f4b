import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';
import { FilesModule } from './content/files/files.module.js';
import { UploadsModule } from './content/uploads/uploads.module.js';
import { CoreModule } from './core.module.js';
import { ApiModule } from './http/server/api.module.js';
import { MediaModule } from './media/rtc/media.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import type { WebApp } from './web/web-app.js';
import { WebModule } from './web/web.module.js';

/** The gateway, wired; the platform and the bus come from `boot`. */
@Module({})
export class AppModule {
  static forRoot(config: Config, webApp: WebApp): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.forRoot(config),
        ApiModule,
        FilesModule,
        UploadsModule,
        RealtimeModule,
        MediaModule,
        WebModule.forRoot(webApp),
      ],
    };
  }
}
