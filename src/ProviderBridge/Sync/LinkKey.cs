namespace ProviderBridge.Sync;

/// <summary>Names a link.</summary>
/// <param name="PractitionerId">Whose HX_ calendar it mirrors.</param>
/// <param name="LinkId">Its id.</param>
public readonly record struct LinkKey(string PractitionerId, string LinkId);
