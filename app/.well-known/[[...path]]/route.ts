import { resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

/** What clients look for and is not here (OAuth, say): a small answer that they can read instead of a page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(resource())
