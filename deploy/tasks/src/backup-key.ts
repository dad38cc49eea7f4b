import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { runTask } from './run-task.js';

/** Prints a new identity for backups, in age-keygen's form. Keep it where no backup lies; only the recipient goes to the cluster. */
await runTask(async () => {
  const identity = await generateX25519Identity();
  process.stdout.write(`# public key: ${await identityToRecipient(identity)}\n${identity}\n`);
});
