export { loadMediaLibrary } from './media-library';
export { Meeting } from './meeting';
