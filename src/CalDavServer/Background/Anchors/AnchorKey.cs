using System.Security.Cryptography;
using CalDavServer.Storage;
using CalDavServer.Storage.Backups;

namespace CalDavServer.Background.Anchors;

/// <summary>The key that signs anchors, in the folder of keys.</summary>
internal static class AnchorKey
{
    private const string FileName = "anchors.pem";

    /// <summary>Reads the key, or makes it.</summary>
    public static ECDsa Open(string keys)
    {
        var path = Path.Combine(keys, FileName);
        if (!File.Exists(path)) Make(keys, path);
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key;
    }

    private static void Make(string keys, string path)
    {
        Folders.Make(keys);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var partial = path + ".partial";
        File.Delete(partial);
        using (var writer = new StreamWriter(PrivateFiles.Create(partial))) writer.Write(key.ExportPkcs8PrivateKeyPem());
        File.Move(partial, path);
    }
}
