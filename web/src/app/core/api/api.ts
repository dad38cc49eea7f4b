/** The API as its routes declare it: types, and one method per operation. */
export * from './api.gen';
