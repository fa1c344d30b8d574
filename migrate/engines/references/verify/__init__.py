"""The proof that nothing names an old path any more: rules of its own, so that a mistake of the rewriting is found.

Shared with the rewriting is what reads facts (the bytes of files, the modules, the working folders of images) and what
the documents promise may stay (history, the plan's own allowances): two answers to those would be a contradiction.
"""
