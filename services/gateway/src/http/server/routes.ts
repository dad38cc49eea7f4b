import { accessCodeRoutes } from '../access-code/access-code-routes.js';
import { accountRoutes } from '../account/account-routes.js';
import { cspReportRoutes } from '../csp-reports/csp-report-routes.js';
import { docsRoutes } from '../docs/docs-routes.js';
import { doorRoutes } from '../door/door-routes.js';
import { entryRoutes } from '../entry/entry-routes.js';
import { factorRoutes } from '../factors/factor-routes.js';
import { fileRoutes } from '../files/file-routes.js';
import { invitationRoutes } from '../invitations/invitation-routes.js';
import { lobbyRoutes } from '../lobby/lobby-routes.js';
import { meRoutes } from '../me/me-routes.js';
import { memberRoutes } from '../members/member-routes.js';
import { messageRoutes } from '../messages/message-routes.js';
import { participantRoutes } from '../participants/participant-routes.js';
import { roomRoutes } from '../rooms/room-routes.js';
import type { Route } from '../route.js';
import { sessionRoutes } from '../session/session-routes.js';
import { traceRoutes } from '../traces/trace-routes.js';
import { uploadRoutes } from '../uploads/upload-routes.js';

/** Every route there is; the server, the documentation, the web app's client and the tests read the same list. */
export const routes: readonly Route[] = [
  ...accountRoutes,
  ...sessionRoutes,
  ...meRoutes,
  ...factorRoutes,
  ...roomRoutes,
  ...doorRoutes,
  ...accessCodeRoutes,
  ...invitationRoutes,
  ...entryRoutes,
  ...lobbyRoutes,
  ...memberRoutes,
  ...participantRoutes,
  ...messageRoutes,
  ...fileRoutes,
  ...uploadRoutes,
  ...cspReportRoutes,
  ...traceRoutes,
  ...docsRoutes,
];
