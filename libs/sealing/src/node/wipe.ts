export { wipe } from '../wipe.js';
