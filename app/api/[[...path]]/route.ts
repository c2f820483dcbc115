import { resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

/** Every other path below /api: a problem document instead of a page. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(resource())
