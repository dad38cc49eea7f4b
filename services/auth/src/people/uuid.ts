const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether Postgres would take this for a uuid; anything else is refused before it gets there. */
export const isUuid = (text: string): boolean => shape.test(text);
