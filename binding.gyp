# For tools that know only node-gyp (`node-gyp rebuild`). How the kernels are compiled stands in one place, runtime/backends/native/build.mjs,
# which `npm ci` calls itself: node-gyp needs Node's own headers, which it would download.
{
  "targets": [
    {
      "target_name": "ptarmigan",
      "type": "none",
      "actions": [
        {
          "action_name": "kernels",
          "inputs": ["runtime/backends/native/build.mjs"],
          "outputs": ["<(PRODUCT_DIR)/ptarmigan.node"],
          "action": ["node", "runtime/backends/native/build.mjs", "--force", "--strict", "--output", "<@(_outputs)"]
        }
      ]
    }
  ]
}
