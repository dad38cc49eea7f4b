import { openApiDocument } from './http/docs/openapi-document.js';
import { routes } from './http/server/routes.js';

// For generators of clients: the document without an installation around it.
process.stdout.write(JSON.stringify(openApiDocument(routes, 'https://conclave.example')));
