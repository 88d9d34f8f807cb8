"""What makes the site of the documents: pages from the program's declarations, and what forges do by themselves."""
