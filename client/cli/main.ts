#!/usr/bin/env node
console.log("incipit")
