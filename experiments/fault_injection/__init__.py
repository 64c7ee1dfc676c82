"""Disasters brought about on purpose: failing disks, power cuts, kills, too little memory."""
