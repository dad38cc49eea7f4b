import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { OperatorError } from '@conclave/platform';
import { newSigner } from './backup/signature.js';
import { runTask } from './run-task.js';

/**
 * Prints a new identity for backups, in age-keygen's form: keep it where no backup lies; only the recipient goes to the
 * cluster. With `--signing`: a key that signs them, which goes to the cluster; its public name is kept with the identity.
 */
await runTask(async () => {
  const args = process.argv.slice(2);
  if (args.some((arg) => arg !== '--signing')) throw new OperatorError('usage: node dist/backup-key.js [--signing]');
  if (args.length > 0) {
    const { secret, name } = newSigner();
    return void process.stdout.write(`# signer: ${name}\n${secret}\n`);
  }
  const identity = await generateX25519Identity();
  return void process.stdout.write(`# public key: ${await identityToRecipient(identity)}\n${identity}\n`);
});
