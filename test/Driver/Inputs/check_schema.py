# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds reports against a JSON Schema: check_schema.py SCHEMA.json REPORT.json... (status 1: something differs)"""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
status = 0
for path in sys.argv[2:]:
    errors = list(validator.iter_errors(json.load(open(path, encoding="utf-8"))))
    print(f"{path}: {'valid' if not errors else 'not valid'}")
    for error in errors:
        print(f"  {error.json_path}: {error.message[:200]}")
        status = 1
sys.exit(status)
