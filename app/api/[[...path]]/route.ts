/** Every other path below /api: a problem document instead of a page. */
export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from '#lib/rest/route.ts'
