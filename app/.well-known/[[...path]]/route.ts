/** Documents that clients look for and that are not here (OAuth, say): a small answer that they can read instead of a page. */
export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from '#lib/rest/route.ts'
