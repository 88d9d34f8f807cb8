"""Known answers the program is verified against, published findings it is validated against: data plus runners."""
