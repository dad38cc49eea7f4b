// `npm start` of a checkout that is not this one: the folder, the folder for root's databases, the command line.
import { runCommand } from '../../src/command.js';

const [checkout = '', shared = '', ...argv] = process.argv.slice(2);
await runCommand(argv, { checkout, shared });
