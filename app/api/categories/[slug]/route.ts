import { deleteCategoryContract, patchCategoryContract } from '#lib/categories/contract.ts'
import { deleteCategory } from '#lib/categories/operations/delete-category.ts'
import { patchCategory } from '#lib/categories/operations/patch-category.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(patchCategoryContract, patchCategory), endpoint(deleteCategoryContract, deleteCategory)),
)
