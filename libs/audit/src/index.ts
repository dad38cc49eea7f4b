export type { AuditDetail, AuditEntry } from './audit-entry.js';
export { AuditModule } from './audit.module.js';
export { createAuditSql } from './audit-tables.js';
export { Audit } from './audit.js';
export { type ChainReport, verifyChain } from './verify-chain.js';
