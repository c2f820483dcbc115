import { createCategoryContract, listCategoriesContract } from '#lib/categories/contract.ts'
import { createCategory } from '#lib/categories/operations/create-category.ts'
import { listCategories } from '#lib/categories/operations/list-categories.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(
    endpoint(listCategoriesContract, listCategories),
    endpoint(createCategoryContract, createCategory),
  ),
)
