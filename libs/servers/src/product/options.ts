import type { BroadcastRow, CallRow } from '../nats/allow-list.js';
import type { Supervised } from '../process/supervised.js';
import type { ProductPorts } from './ports.js';
import type { Secrets } from './secrets.js';
import type { ProductService } from './services.js';

/** Servers that run and are provisioned. */
export interface ServersReady {
  readonly ports: ProductPorts;
  readonly secrets: Secrets;
}

/** What the whole product needs to start. */
export interface ProductOptions {
  /** The installation: secrets, data and state lie in it. */
  readonly folder: string;
  /** Data of Postgres, where another user may have to reach it. */
  readonly postgresFolder: string;
  /** Tells this installation's data from another one's; where nothing is said, nobody looks. */
  readonly installationId?: string;
  /** The checkout, whose services are compiled. */
  readonly checkout: string;
  readonly publicUrl: string;
  readonly publicHost: string;
  readonly publicPort: number;
  /** Who may call whom, from the contracts. */
  readonly contracts: { readonly calls: readonly CallRow[]; readonly broadcasts: readonly BroadcastRow[] };
  /** Processes of each service; one where nothing is said. */
  readonly replicas?: number;
  /** Nodes of LiveKit; one where nothing is said. More need Redis, which is started with them. */
  readonly mediaNodes?: number;
  /** The address that media goes to; loopback where nothing is said. */
  readonly nodeIp?: string;
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly webRoot?: string;
  readonly logLevel?: string;
  /** Only tests may say false: their data dies with them. */
  readonly durable?: boolean;
  /** Additions to the environment of a service; for specs. */
  readonly environment?: Partial<Record<ProductService, Readonly<Record<string, string>>>>;
  /** Runs when servers, databases and bucket are there and no service is: the moment to restore a backup. */
  readonly beforeServices?: (facts: ServersReady) => Promise<void>;
  /** Hears what is being done now. */
  readonly onStep?: (step: string) => void;
  /** Ends a start that is under way. */
  readonly signal?: AbortSignal;
  /** Hears how far a build of a server is. */
  readonly onProgress?: (line: string) => void;
  /** Hears restarts and refusals of servers. */
  readonly onNotice?: (line: string) => void;
  /** Hears every line of every process. */
  readonly onLine?: (name: string, line: string) => void;
  /** Hears that a process began or ended. */
  readonly onChange?: (processes: readonly Supervised[]) => void;
}
