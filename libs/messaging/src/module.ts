import { auth, services, type ServiceName } from '@conclave/contracts';
import { Clock } from '@conclave/platform';
import { Catch, Module, type DynamicModule, type OnApplicationShutdown, type RpcExceptionFilter } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';
import { Bus, type BusOptions } from './bus.js';
import { createClient } from './client.js';
import { clientToken } from './decorators.js';
import { PrincipalVerifier, type SigningKeySource } from './principal-verifier.js';

/** Token of the `SigningKeySource`; auth provides its own, everyone else asks auth. */
export const signingKeySource = Symbol('SigningKeySource');

/** How a service joins the bus. */
export interface MessagingOptions {
  readonly service: ServiceName | 'gateway';
  readonly nats: Pick<BusOptions, 'url' | 'seed' | 'echo'>;
  /** Set by auth only: it knows the keys itself and provides `signingKeySource` from a global module. */
  readonly ownSigningKeys?: boolean;
}

/** Lets every error reach the bus server as it is; that is where reasons are made. */
@Catch()
class PassErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Closes the connection as the last thing. */
class BusLifetime implements OnApplicationShutdown {
  constructor(private readonly bus: Bus) {}
  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }
}

/** The bus, typed clients of every service, and the verifier of principal tokens; global. */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    const clients = Object.values(services)
      .flat()
      .map((desc) => ({
        provide: clientToken(desc),
        useFactory: (bus: Bus) => createClient(desc, bus),
        inject: [Bus],
      }));
    const remoteKeys = {
      provide: signingKeySource,
      inject: [Bus],
      useFactory: (bus: Bus): SigningKeySource => {
        const client = createClient(auth.SigningKeysService, bus);
        return { list: async () => (await client.listSigningKeys({})).keys };
      },
    };
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: Bus, useFactory: () => Bus.connect({ ...options.nats, service: options.service }) },
        {
          provide: PrincipalVerifier,
          useFactory: (source: SigningKeySource, clock: Clock) => new PrincipalVerifier(source, clock),
          inject: [signingKeySource, Clock],
        },
        { provide: BusLifetime, useFactory: (bus: Bus) => new BusLifetime(bus), inject: [Bus] },
        ...(options.service === 'gateway' ? [] : [{ provide: APP_FILTER, useClass: PassErrors }]),
        ...(options.ownSigningKeys ? [] : [remoteKeys]),
        ...clients,
      ],
      exports: [Bus, PrincipalVerifier, ...clients.map(({ provide }) => provide)],
    };
  }
}
