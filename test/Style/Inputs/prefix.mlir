// RUN: tally-opt %s -o %t | FileCheck %s --check-prefix=UNUSED
