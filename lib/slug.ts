/** The names of prompts, labels, categories and configurations; the database checks the same. */
export const SLUG = /^[a-z0-9][a-z0-9_-]{0,63}$/
/** Most characters of one. */
export const SLUG_LENGTH = 64
