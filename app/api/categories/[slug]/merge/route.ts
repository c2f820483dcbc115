import { mergeCategoryContract } from '#lib/categories/contract.ts'
import { mergeCategory } from '#lib/categories/operations/merge-category.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(mergeCategoryContract, mergeCategory)),
)
