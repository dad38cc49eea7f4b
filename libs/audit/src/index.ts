export { type AuditDetail, type AuditEntry, type AuditLink, GENESIS, hashOf } from './audit-entry.js';
export { AuditModule } from './audit.module.js';
export { createAuditSql } from './audit-tables.js';
export { Audit } from './audit.js';
export { type ChainFault, type ChainReport, type Checkpoint, type RowReader, verifyChain } from './verify-chain.js';
