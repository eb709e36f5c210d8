namespace Practice.Hx;

/// <summary>Names an object of an HX_ calendar as the outside does: by its path segment.</summary>
/// <param name="PractitionerId">Whose calendar.</param>
/// <param name="Name">The object's path segment there.</param>
public readonly record struct HxObjectKey(string PractitionerId, string Name);
