import { openApiResource } from '#lib/http/openapi-resource.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(openApiResource)
