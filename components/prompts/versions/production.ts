import type { PRODUCTION as Production } from '#lib/prompts/name.ts'

/** The label that agents get. Written out, as the rules of names would bring all of zod into the page. */
export const PRODUCTION: typeof Production = 'production'
