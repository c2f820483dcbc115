/** No category can have the slug "order". */
export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from '#lib/rest/route.ts'
