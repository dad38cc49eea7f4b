import { Module } from '@nestjs/common';
import { CspReports } from '../csp-reports/csp-report-routes.js';
import { ApiDocument } from '../docs/api-document.js';
import { DocsPage, OpenApi } from '../docs/docs-routes.js';
import { JoinTraces } from '../traces/trace-routes.js';

/** Handlers of the routes by hand that ask no service. */
@Module({ providers: [ApiDocument, CspReports, DocsPage, JoinTraces, OpenApi] })
export class ApiModule {}
