// Biokinetics
