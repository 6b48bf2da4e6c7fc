"""The Lambda functions, one file each: event in, one call into oreva, result out."""
