export { MailStore, type ReceivedMail } from './mail-store.js';
export { startMailbox, type Mailbox, type MailboxOptions } from './start-mailbox.js';
